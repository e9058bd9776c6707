"""What of a drawn page reaches the browser when a part of it is drawn again before it was sent."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from assessment.ui.arriving import deliver_whole_pages

CARD = "fragment of a card"


def drawn(path: list[int], fragment: str | None, text: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.new_element.markdown.body = text
    if fragment:
        message.delta.fragment_id = fragment
    return message


def finished(status: ForwardMsg.ScriptFinishedStatus.ValueType) -> ForwardMsg:
    return ForwardMsg(script_finished=status)


def queue(*messages: ForwardMsg) -> ForwardMsgQueue:
    deliver_whole_pages()
    waiting = ForwardMsgQueue()
    for message in messages:
        waiting.enqueue(message)
    return waiting


def test_a_finished_page_is_sent_whole_before_its_card_is_drawn_again():
    page = [
        drawn([0], None, "title"),
        drawn([1], CARD, "level 2"),
        finished(ForwardMsg.FINISHED_SUCCESSFULLY),
    ]
    waiting = queue(*page)
    waiting.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[CARD])
    again = drawn([1], CARD, "level 4")
    waiting.enqueue(again)
    assert waiting.flush() == [*page, again]


def test_what_a_broken_off_run_drew_of_a_card_makes_room_for_the_next():
    waiting = queue(drawn([0], None, "title"), drawn([1], CARD, "level 2"))
    waiting.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[CARD])
    assert [message.delta.new_element.markdown.body for message in waiting.flush()] == ["title"]


def test_a_new_page_takes_the_place_of_one_that_was_not_sent():
    waiting = queue(drawn([0], None, "title"), finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    waiting.clear(retain_lifecycle_msgs=True)
    assert waiting.flush() == [finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN)]
