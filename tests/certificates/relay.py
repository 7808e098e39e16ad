"""A relay on a port, which holds back every answer: python relay.py PORT ADDRESS:PORT SECONDS."""

import asyncio
import contextlib
import sys


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            await asyncio.sleep(seconds)
            writer.write(data)
            await writer.drain()
        writer.close()


async def main(port: int, address: str, seconds: float) -> None:
    host, _, behind = address.rpartition(":")

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer, question = await asyncio.open_connection(host, int(behind))
        await asyncio.gather(pump(reader, question, 0), pump(answer, writer, seconds))

    server = await asyncio.start_server(relay, host, port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
