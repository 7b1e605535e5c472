"""What the shop sells, and what was bought."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Product(models.Model):
    """Something to buy."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    category = models.CharField(max_length=40)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("category", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The product's own page."""
        return reverse("shop:product", args=[self.slug])


class Order(models.Model):
    """One purchase, from the checkout to the parcel."""

    class Status(models.TextChoices):
        """How far an order has come."""

        NEW = "new", "New"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        FAILED = "failed", "Failed"

    email = models.EmailField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.NEW)
    total = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What stands on the invoice."""
        return f"S{self.pk:06d}"


class OrderLine(models.Model):
    """Some pieces of one product in an order."""

    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    quantity = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product}"
