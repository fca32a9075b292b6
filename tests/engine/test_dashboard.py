"""The dashboard of a sweep."""

import urllib.request

import pytest
from distributed import Client, LocalCluster


# A cluster that is closed leaves sockets for the garbage collector to find.
@pytest.mark.filterwarnings("default")
def test_dashboard_answers():
    """The address that a sweep prints leads to a page of charts, not to a missing package."""
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
        urllib.request.urlopen(client.dashboard_link, timeout=30) as page,
    ):
        text = page.read().decode()
    assert "Task Stream" in text or "bokeh" in text
    assert "pip install" not in text
