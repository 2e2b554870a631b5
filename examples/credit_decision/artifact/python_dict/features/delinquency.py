"""Late payments on the bureau report."""

RECENT_MONTHS = 12
ARREARS = {"0": 0, "1": 1, "2": 2, "3": 3, "X": 0}


def months_since_late(lines):
    """Whole months since the latest late payment on any line; None when there was none."""
    return min(
        (line["months_since_late"] for line in lines if line["months_since_late"] is not None), default=None
    )


def worst_recent_arrears(lines):
    """Most months in arrears on any line within the last twelve: 0 to 3, where 3 means three or more.

    Raises ValueError for a status the bureau does not use: reading it as paid would hide a default.
    """
    worst = 0
    for row, line in enumerate(lines):
        for month, status in enumerate(line["monthly_status"] or []):
            if status not in ARREARS:
                raise ValueError(
                    f"trade_lines[{row}].monthly_status[{month}]: one of 0, 1, 2, 3, X is needed"
                )
            if month < RECENT_MONTHS:
                worst = max(worst, ARREARS[status])
    return worst
