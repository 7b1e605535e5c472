"""The addresses of the shop."""

from __future__ import annotations

from django.urls import path

from project.shop import api, views

app_name = "shop"
urlpatterns = [
    path("", views.home, name="home"),
    path("products/", views.products, name="products"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("search/", views.search, name="search"),
    path("cart/", views.cart, name="cart"),
    path("cart/add/<slug:slug>/", views.add, name="add"),
    path("checkout/", views.checkout, name="checkout"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("manuals/<path:name>", views.manual, name="manual"),
    path("reports/refunds/", views.refunds, name="refunds"),
    path("api/stock/<slug:slug>/", api.stock, name="api-stock"),
    path("api/orders/<int:pk>/", api.order, name="api-order"),
]
