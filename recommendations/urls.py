"""Pages about the documents behind the content, and about the method."""

from django.urls import path

from recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("sources/", views.source_list, name="source-list"),
    path("sources/<slug:slug>/", views.source_detail, name="source"),
    path("about/method/", views.method, name="method"),
]
