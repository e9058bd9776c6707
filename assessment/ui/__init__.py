"""What pages share: the Streamlit script, the session, caches, widgets and the autosave protocol."""
