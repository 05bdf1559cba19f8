"""The content security policy, on every answer, errors and files included."""

from django.conf import settings


def policy(directives: dict[str, list[str]]) -> str:
    """The header's value."""
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class ContentSecurityPolicyMiddleware:
    """Say what a page may load: only what comes from this site, and nothing inline."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = policy(settings.SECURE_CSP)
        # The admin's own widgets set style attributes.
        self.admin_policy = policy({**settings.SECURE_CSP, "style-src-attr": ["'unsafe-inline'"]})

    def __call__(self, request):
        response = self.get_response(request)
        in_admin = request.path_info.startswith("/admin/")
        response.headers["Content-Security-Policy"] = self.admin_policy if in_admin else self.policy
        return response
