"""Pages about indicators, about the words and documents behind the content, and about the method."""

from django.urls import path

from recommendations import converters, views  # noqa: F401  importing converters registers <code:…>

app_name = "recommendations"
urlpatterns = [
    path("reports/<slug:report>/outline/", views.outline, name="outline"),
    path("reports/<slug:report>/editions/", views.editions, name="editions"),
    path("reports/<slug:report>/indicators/", views.indicator_list, name="indicator-list"),
    path("reports/<slug:report>/indicators/<code:code>/", views.indicator_detail, name="indicator"),
    path("sources/", views.source_list, name="source-list"),
    path("reports/<slug:report>/glossary/", views.glossary, name="glossary"),
    path("about/method/", views.method, name="method"),
]
