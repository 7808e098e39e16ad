"""FastAPI's own documented cases: root_path in the app itself, additional servers, sub-applications."""

from fastapi import FastAPI, Request

app = FastAPI(
    root_path="/documented/v1",
    servers=[{"url": "https://staging.example.com", "description": "Staging"}],
)
sub = FastAPI()


@app.get("/health")
def health() -> str:
    return "ok"


@app.get("/items/")
def items(request: Request) -> str:
    return str(request.url_for("items"))


@sub.get("/things/")
def things(request: Request) -> dict[str, str]:
    return {"root_path": request.scope["root_path"], "url": str(request.url_for("things"))}


app.mount("/sub", sub)
