"""How everything looks: themes, styles, icons, formulas, and words that need no plot."""
