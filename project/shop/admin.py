"""The shop in the admin."""

# Django 5.2 has no `ModelAdmin[Product]` at run time.

from __future__ import annotations

from django.contrib import admin

from project.shop.models import Order, OrderLine, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker alone
    """The catalogue."""

    list_display = ("name", "category", "price", "stock")
    list_filter = ("category",)
    search_fields = ("name", "description")
    prepopulated_fields = {"slug": ("name",)}


class OrderLineInline(admin.TabularInline):  # type: ignore[type-arg]
    """The lines on their order's page."""

    model = OrderLine
    extra = 0
    autocomplete_fields = ("product",)


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The purchases, newest first."""

    list_display = ("number", "email", "status", "total", "created")
    list_filter = ("status", "created")
    search_fields = ("email",)
    inlines = (OrderLineInline,)
