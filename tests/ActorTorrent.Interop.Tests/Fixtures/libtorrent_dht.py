"""
Runs DHT nodes of libtorrent on loopback, one a session, without torrents; prints their ports as one JSON line, then how many nodes each
knows twice a second.
"""
import argparse
import json
import signal
import time

import libtorrent as lt

parser = argparse.ArgumentParser()
parser.add_argument("--nodes", type=int, required=True)
parser.add_argument("--bootstrap", required=True, help="HOST:PORT of the node that all begin with")
options = parser.parse_args()

running = True


def stop(_signal, _frame):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)

sessions = [
    lt.session({
        "listen_interfaces": "127.0.0.1:0",
        "outgoing_interfaces": "127.0.0.1",
        "enable_dht": True,
        "dht_bootstrap_nodes": options.bootstrap,
        "dht_restrict_routing_ips": False,
        "dht_restrict_search_ips": False,
        "dht_ignore_dark_internet": False,
        "dht_block_ratelimit": 100_000,
        "dht_upload_rate_limit": 10_000_000,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.stats_notification,
    })
    for _ in range(options.nodes)
]
while running and any(session.listen_port() == 0 for session in sessions):
    time.sleep(0.05)
print(json.dumps({"ports": [session.listen_port() for session in sessions]}), flush=True)

known = [0] * len(sessions)
while running:
    for index, session in enumerate(sessions):
        session.post_session_stats()
        for alert in session.pop_alerts():
            if isinstance(alert, lt.session_stats_alert):
                known[index] = alert.values["dht.dht_nodes"]
    print(json.dumps({"known": known}), flush=True)
    time.sleep(0.5)
