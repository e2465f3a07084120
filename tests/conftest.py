"""Settings of all tests."""

from hypothesis import settings

# The same examples on every run, so that a red test is always due to a change of the code;
# `pytest --hypothesis-profile explore` looks further afield.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("steady")
