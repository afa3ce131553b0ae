"""What the columns of a loss log are, by whose convention, and what the log says: beside its charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganviz.losses import ADVERSARIAL_LOSSES
from ganviz.session.logs.names import ROLES
from ganviz.views.forms.inputs import Menu
from ganviz.views.look.formula import markup_of
from ganviz.views.look.outside_text import set_label

NO_COLUMN = "–"
COLUMNS = dict(
    zip(
        ROLES,
        (
            ("L<sub>D</sub>", "The discriminator's loss."),
            ("L<sub>G</sub>", "The generator's loss."),
            ("Real part", "The part of the discriminator's loss on real samples."),
            ("Fake part", "The part of the discriminator's loss on generated samples."),
            ("D(x)", "What D says of real samples, from 0 to 1."),
            ("D(G(z))", "What D says of generated samples, from 0 to 1."),
        ),
        strict=True,
    )
)
CONVENTIONS: tuple[tuple[str, bool | None, str], ...] = (
    ("As its parts say", None, "Half the sum where the parts tell so, else the sum."),
    ("real + fake", False, "The sum of two means, as here."),
    ("½ (real + fake)", True, "The mean of two means: it is doubled here."),
)
WIDTH_LINES = 17.0
"""How wide the panel is at first, in heights of a line."""


class LogForm(QScrollArea):
    """Names the columns of a log; GUI thread only.

    Parameters
    ----------
    names : tuple of str
        All columns of the file.
    """

    columns_changed = Signal()
    """Emitted when the person has chosen another column or convention."""
    loss_changed = Signal()
    again_wished = Signal()
    """Emitted when the file is to be read again, which may have grown."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._boxes = {role: self._column_box(role, names) for role in ROLES}
        self._convention, self._loss = self._menu("What L_D is of its parts"), self._menu("Loss")
        for title, _, tip in CONVENTIONS:
            self._convention.addItem(title)
            self._convention.setItemData(self._convention.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        for key, loss in ADVERSARIAL_LOSSES.items():
            self._loss.addItem(loss.title, key)
        self.show_loss("non_saturating")  # as the command line takes it, where no column says another
        self._convention.activated.connect(self.columns_changed)
        self._loss.activated.connect(self.loss_changed)
        self._refusal, self._words, self._notes = set_label(""), set_label(""), set_label("")
        self._refusal.setObjectName("refusal")
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for role, box in self._boxes.items():
            form.addRow(COLUMNS[role][0], box)
        form.addRow("L<sub>D</sub> is", self._convention)
        form.addRow("Loss", self._loss)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addLayout(form)
        column.addSpacing(self.fontMetrics().height() // 2)
        for label in (self._refusal, self._words, self._notes):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        again = QPushButton("Read the file again")
        again.setToolTip("Draws what its program has logged meanwhile (F5).")
        again.clicked.connect(self.again_wished)
        column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        # Nothing scrolls sideways: what is narrower would be cut.
        bar = self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(inside.minimumSizeHint().width() + bar)

    def _column_box(self, role: str, names: tuple[str, ...]) -> QComboBox:
        box = self._menu(COLUMNS[role][1])
        box.addItems([NO_COLUMN, *names])
        box.setToolTip(COLUMNS[role][1])
        box.activated.connect(self.columns_changed)
        return box

    def _menu(self, name: str) -> Menu:
        menu = Menu()
        menu.setAccessibleName(name)
        menu.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        menu.setMinimumContentsLength(8)
        return menu

    def sizeHint(self) -> QSize:
        """Return room for names of columns, and for sentences."""
        line = self.fontMetrics().height()
        return QSize(round(WIDTH_LINES * line), 40 * line)

    def wanted(self) -> dict[str, str]:
        """Return the column of every role, by its number from 1; nothing for roles without one."""
        return {role: str(box.currentIndex() or "") for role, box in self._boxes.items()}

    @property
    def is_halved(self) -> bool | None:
        """Return whether L_D is half the sum of its parts; None where the parts decide."""
        return CONVENTIONS[self._convention.currentIndex()][1]

    @property
    def loss(self) -> str:
        """Return the key of the loss."""
        return str(self._loss.currentData())

    def show_columns(self, places: Mapping[str, int]) -> None:
        """Show the columns of roles, counted from 0; the other roles have none."""
        for role, box in self._boxes.items():
            box.setCurrentIndex(places.get(role, -1) + 1)

    def show_loss(self, key: str) -> None:
        """Show which loss it is."""
        self._loss.setCurrentIndex(self._loss.findData(key))

    def show_words(self, words: Iterable[str], notes: Iterable[str]) -> None:
        """Show what the log says, and below how it was read."""
        self._show(self._words, words)
        self._show(self._notes, [f"• {note}" for note in notes], "\n")
        self.refuse("")

    def refuse(self, sentence: str) -> None:
        """Say why there is nothing to draw; with nothing, that is taken back."""
        self._show(self._refusal, [sentence] if sentence else [])
        if sentence:
            for label in (self._words, self._notes):
                label.hide()

    def _show(self, label: QLabel, sentences: Iterable[str], between: str = "\n\n") -> None:
        text = between.join(sentences)
        label.setText(markup_of(text).replace("\n", "<br>"))
        label.setAccessibleName(text)
        label.setVisible(bool(text))
