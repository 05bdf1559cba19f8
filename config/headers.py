"""Other headers that protect readers, beside the content security policy."""

FEATURES_NOT_USED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


class IsolationHeadersMiddleware:
    """No other site may embed our answers, and no page asks for a device."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.permissions = ", ".join(f"{feature}=()" for feature in FEATURES_NOT_USED)

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = self.permissions
        return response


class FreshAnswersMiddleware:
    """What a signed-in person sees is kept nowhere; what anybody sees is asked for again each time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        before = request.user.is_authenticated
        response = self.get_response(request)
        # Signing in and out are personal too.
        if before or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
