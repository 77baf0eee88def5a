"""The WebSocket of a conversation."""

from fastapi import APIRouter
from starlette.websockets import WebSocket

from services.messaging.live.chat import Chat

router = APIRouter()


@router.websocket("/ws/chat/{conversation_id}/")
async def chat(socket: WebSocket, conversation_id: str) -> None:
    """`message.created` and `message.read` of one conversation, and a way to write to it."""
    await Chat(socket, conversation_id).serve()
