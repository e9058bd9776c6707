"""What the server draws and Streamlit would drop on its way to the page.

See docs/decisions/0020-a-question-a-fragment.md.
"""

from __future__ import annotations

from functools import wraps

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


def deliver_whole_pages() -> None:
    """Makes sessions send a page that was drawn to its end as it was drawn, also when a part of it is drawn again at once.

    Before a fragment's run Streamlit takes out of the queue what an earlier run drew of that fragment and wasn't sent
    yet, and leaves the word that the page is finished. Whoever chose a level while the page was being drawn would lose
    the choice: the browser misses its widget on a finished page, forgets what it held, and is sent a new one.
    """
    clear = ForwardMsgQueue.clear
    if hasattr(clear, "__wrapped__"):
        return

    @wraps(clear)
    def clear_unless_finished(
        self: ForwardMsgQueue,
        retain_lifecycle_msgs: bool = False,
        fragment_ids_this_run: list[str] | None = None,
    ) -> None:
        if retain_lifecycle_msgs and fragment_ids_this_run and _holds_a_finished_page(self):
            # What comes next must not take the place of something before the end of that page.
            self._delta_index_map = {}
        else:
            clear(self, retain_lifecycle_msgs, fragment_ids_this_run)

    ForwardMsgQueue.clear = clear_unless_finished  # type: ignore[method-assign]


def _holds_a_finished_page(queue: ForwardMsgQueue) -> bool:
    return any(
        message.HasField("script_finished") and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        for message in queue._queue
    )
