"""An app that has its prefix in its own routes, so that the proxy must leave it there."""

from fastapi import APIRouter, FastAPI, Request

PREFIX = "/carries/v1"
app = FastAPI(docs_url=f"{PREFIX}/docs", openapi_url=f"{PREFIX}/openapi.json")
router = APIRouter(prefix=PREFIX)


@router.get("/health")
def health() -> str:
    return "ok"


@router.get("/items/")
def items(request: Request) -> str:
    return str(request.url_for("items"))


app.include_router(router)
