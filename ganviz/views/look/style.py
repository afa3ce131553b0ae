"""The few rules that palettes cannot say, in the colors of the palette: they are the same for every theme."""

from __future__ import annotations

WINDOW, RAISED, BORDER = "palette(window)", "palette(button)", "palette(mid)"
TEXT, MUTED, DISABLED = "palette(window-text)", "palette(placeholder-text)", "palette(shadow)"
ACCENT, ON_ACCENT, WARNING = "palette(highlight)", "palette(highlighted-text)", "palette(bright-text)"


def style_sheet() -> str:
    """Return the application's style sheet."""
    return (
        _of_bars()
        + _of_sliders()
        + f"""
        QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
        QFrame#card {{ background: {RAISED}; border: 1px solid {BORDER}; border-radius: 4px; }}
        QLabel#refusal {{ color: {WARNING}; }}
        QFrame#banner, QFrame#popup {{
            background: {RAISED}; border: 1px solid {BORDER}; border-radius: 4px;
        }}
        QFrame#banner[kind="warning"] {{ border-color: {WARNING}; }}
        QDockWidget::title {{ padding: 4px 6px; background: {WINDOW}; }}
        QMainWindow > QTabBar {{ qproperty-elideMode: ElideNone; qproperty-usesScrollButtons: true; }}
        QMainWindow::separator {{ background: {WINDOW}; width: 5px; height: 5px; }}
        QStatusBar::item {{ border: none; }}
        QToolTip {{
            color: {TEXT}; background: {RAISED}; border: 1px solid {BORDER}; padding: 3px;
        }}
    """
    )


def _of_bars() -> str:
    """Return the rules for menus and for what stands in bars."""
    return f"""
        QMenuBar {{ background: {WINDOW}; }}
        QMenuBar::item {{ background: transparent; padding: 7px 8px 6px; border-radius: 3px; }}
        QMenuBar::item:selected {{ background: {RAISED}; }}
        QMenu {{ background: {RAISED}; border: 1px solid {BORDER}; padding: 2px; menu-scrollable: 1; }}
        QMenu::item:selected {{ background: {ACCENT}; color: {ON_ACCENT}; }}
        QMenu::separator {{ height: 1px; background: {BORDER}; margin: 3px 6px; }}
        QToolBar {{ border: none; spacing: 0; padding: 0; background: {WINDOW}; }}
        QToolButton#segment {{
            border: 1px solid {BORDER}; padding: 3px 8px; background: {RAISED}; border-radius: 3px;
        }}
        QToolButton#segment:checked {{
            background: {ACCENT}; color: {ON_ACCENT}; border-color: {ACCENT};
        }}
        QToolButton#segment:focus {{ border: 2px solid {ACCENT}; padding: 2px 7px; }}
        QToolButton#segment:checked:focus {{ border-color: {TEXT}; }}
        FormulationStrip QToolButton#segment {{ padding: 3px 6px; }}
        FormulationStrip QToolButton#segment:focus {{ padding: 2px 5px; }}
        QToolButton#tab {{
            border: 1px solid transparent; border-bottom: 2px solid transparent; padding: 3px 5px 2px;
        }}
        QToolButton#tab:hover {{ background: {RAISED}; }}
        QToolButton#tab:checked {{ background: {RAISED}; border-bottom-color: {ACCENT}; }}
        QToolButton#tab:focus {{ border-color: {ACCENT}; }}
    """


def _of_sliders() -> str:
    """Return the rules for sliders: an em is the height of the application's letters, of usual ones 14 px."""
    return f"""
        QSlider::groove:horizontal {{ height: 0.29em; background: {BORDER}; border-radius: 0.14em; }}
        QSlider::sub-page:horizontal {{ background: {ACCENT}; border-radius: 0.14em; }}
        QSlider::sub-page:horizontal:disabled {{ background: {DISABLED}; }}
        QSlider::handle:horizontal {{
            width: 0.64em; margin: -0.36em 0; border-radius: 0.21em;
            background: {MUTED}; border: 0.07em solid {MUTED};
        }}
        QSlider::handle:horizontal:hover {{ background: {TEXT}; }}
        QSlider::handle:horizontal:focus {{ background: {RAISED}; border: 0.14em solid {ACCENT}; }}
        QSlider::handle:horizontal:disabled {{ background: {DISABLED}; border-color: {DISABLED}; }}
    """
