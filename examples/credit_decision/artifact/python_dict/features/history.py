"""Ages, counted in whole months and years on the day of submission."""


def months_between(earlier, later):
    """Whole months from one date to a later one; negative when it is not later."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - 1 if later.day < earlier.day else months


def age_in_years(birth_date, today):
    """Completed years of life; None when the date of birth is unknown."""
    return None if birth_date is None else months_between(birth_date, today) // 12


def oldest_line_months(lines, today):
    """Age of the oldest line in months; None when no opening date is known."""
    return max(_line_ages(lines, today), default=None)


def lines_opened_12m(lines, today):
    """Number of lines opened in the last twelve months; None when no opening date is known."""
    ages = _line_ages(lines, today)
    return sum(age < 12 for age in ages) if ages else None


def _line_ages(lines, today):
    return [months_between(line["opened_on"], today) for line in lines if line["opened_on"] is not None]
