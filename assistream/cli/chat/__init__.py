"""``assistream chat``: a conversation with an assistant, on a terminal or through pipes."""
