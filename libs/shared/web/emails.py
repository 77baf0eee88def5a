"""Mail addresses in bodies."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.records.formats import Format
from shared.web.http import Text


def email_address(value: str) -> str:
    """The address in its usual form. Raises ValueError for what cannot be one."""
    # Mail programs read `=?utf-8?q?ada?=` as `ada`: the mail would go to another address.
    if "=?" in value:
        raise PydanticCustomError("invalid_email", "An address cannot contain =?")
    try:
        # `test_environment` admits the reserved domain `.test`, which demos and trials use.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("invalid_email", "{reason}", {"reason": str(error)}) from None


Email = Annotated[Text, StringConstraints(max_length=254), AfterValidator(email_address), Format("email")]
