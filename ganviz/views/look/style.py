"""The few rules that palettes cannot say."""

from __future__ import annotations

from ganviz.views.look.theme import Theme


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet."""
    return (
        _of_bars(theme)
        + _of_sliders(theme)
        + f"""
        QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
        QFrame#card {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 4px; }}
        QLabel#refusal {{ color: {theme.warning}; }}
        QFrame#banner, QFrame#popup {{
            background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 4px;
        }}
        QFrame#banner[kind="warning"] {{ border-color: {theme.warning}; }}
        QDockWidget::title {{ padding: 4px 6px; background: {theme.window}; }}
        QMainWindow > QTabBar {{ qproperty-elideMode: ElideNone; qproperty-usesScrollButtons: true; }}
        QMainWindow::separator {{ background: {theme.window}; width: 5px; height: 5px; }}
        QStatusBar::item {{ border: none; }}
        QToolTip {{
            color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.border}; padding: 3px;
        }}
    """
    )


def _of_bars(theme: Theme) -> str:
    """Return the rules for menus and for what stands in bars."""
    return f"""
        QMenuBar {{ background: {theme.window}; }}
        QMenuBar::item {{ background: transparent; padding: 7px 8px 6px; border-radius: 3px; }}
        QMenuBar::item:selected {{ background: {theme.raised}; }}
        QMenu {{ background: {theme.raised}; border: 1px solid {theme.border}; padding: 2px; menu-scrollable: 1; }}
        QMenu::item:selected {{ background: {theme.accent}; color: {theme.on_accent}; }}
        QMenu::separator {{ height: 1px; background: {theme.border}; margin: 3px 6px; }}
        QToolBar {{ border: none; spacing: 0; padding: 0; background: {theme.window}; }}
        QToolButton#segment {{
            border: 1px solid {theme.border}; padding: 3px 8px; background: {theme.raised}; border-radius: 3px;
        }}
        QToolButton#segment:checked {{
            background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent};
        }}
        QToolButton#segment:focus {{ border: 2px solid {theme.accent}; padding: 2px 7px; }}
        QToolButton#segment:checked:focus {{ border-color: {theme.text}; }}
        FormulationStrip QToolButton#segment {{ padding: 3px 6px; }}
        FormulationStrip QToolButton#segment:focus {{ padding: 2px 5px; }}
        QToolButton#tab {{
            border: 1px solid transparent; border-bottom: 2px solid transparent; padding: 3px 5px 2px;
        }}
        QToolButton#tab:hover {{ background: {theme.raised}; }}
        QToolButton#tab:checked {{ background: {theme.raised}; border-bottom-color: {theme.accent}; }}
        QToolButton#tab:focus {{ border-color: {theme.accent}; }}
    """


def _of_sliders(theme: Theme) -> str:
    """Return the rules for sliders: an em is the height of the application's letters, of usual ones 14 px."""
    return f"""
        QSlider::groove:horizontal {{ height: 0.29em; background: {theme.border}; border-radius: 0.14em; }}
        QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 0.14em; }}
        QSlider::sub-page:horizontal:disabled {{ background: {theme.disabled}; }}
        QSlider::handle:horizontal {{
            width: 0.64em; margin: -0.36em 0; border-radius: 0.21em;
            background: {theme.muted}; border: 0.07em solid {theme.muted};
        }}
        QSlider::handle:horizontal:hover {{ background: {theme.text}; }}
        QSlider::handle:horizontal:focus {{ background: {theme.raised}; border: 0.14em solid {theme.accent}; }}
        QSlider::handle:horizontal:disabled {{ background: {theme.disabled}; border-color: {theme.disabled}; }}
    """
