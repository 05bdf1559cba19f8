"""The application as a web server calls it."""

import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

OTHER_CHARSET = re.compile(r";\s*charset\s*=(?!\s*\"?utf-?8\"?\s*(?:;|$))[^;]*", re.IGNORECASE)


def in_utf_8(application):
    """Read every request as UTF-8, whatever it says of itself.

    Browsers send nothing else. Django takes the name on trust and fails before any middleware when Python
    knows no such encoding; some that it knows let through what no page can show.
    """

    def answer(environ, start_response):
        environ["CONTENT_TYPE"] = OTHER_CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return answer


application = in_utf_8(get_wsgi_application())
