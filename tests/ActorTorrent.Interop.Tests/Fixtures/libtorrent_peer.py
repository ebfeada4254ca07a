"""
Seeds or fetches torrents with libtorrent on loopback; prints their state as a JSON line five times a second: the states that
there are, the rest summed up.
"""
import argparse
import json
import signal
import time

import libtorrent as lt

parser = argparse.ArgumentParser()
parser.add_argument("--torrent", required=True, nargs="+", help="torrent files or magnet links")
parser.add_argument("--peer", action="append", default=[], help="HOST:PORT of a peer to dial; may be repeated")
parser.add_argument("--folder", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--upload-limit", type=int, default=0, help="bytes a second; 0 is none")
parser.add_argument("--download-limit", type=int, default=0, help="bytes a second; 0 is none")
parser.add_argument("--dht-node", help="HOST:PORT; peers are then found by the DHT, which is off without it")
parser.add_argument("--lsd", action="store_true", help="look for peers in the local network")
parser.add_argument("--connections", type=int, default=0, help="connections at most; 0 is libtorrent's own default")
options = parser.parse_args()

running = True


def stop(_signal, _frame):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)

session = lt.session({
    "listen_interfaces": f"127.0.0.1:{options.port}",
    "outgoing_interfaces": "127.0.0.1",
    "enable_dht": options.dht_node is not None,
    "dht_bootstrap_nodes": options.dht_node or "",
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_ignore_dark_internet": False,
    "enable_lsd": options.lsd,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "upload_rate_limit": options.upload_limit,
    "download_rate_limit": options.download_limit,
    "alert_mask": lt.alert.category_t.error_notification
    | lt.alert.category_t.tracker_notification
    | lt.alert.category_t.connect_notification
    | lt.alert.category_t.stats_notification
    | lt.alert.category_t.status_notification,
})
if options.connections:
    # What many peers at once need: their number, that of addresses it remembers, and how many may wait to be accepted.
    session.apply_settings({"connections_limit": options.connections, "max_peerlist_size": options.connections, "listen_queue_size": 2000})
# Peers on loopback count as local, and local ones are not rate limited: put every address into the global class (bit 0) alone.
classes = lt.ip_filter()
classes.add_rule("0.0.0.0", "255.255.255.255", 1)
session.set_peer_class_filter(classes)



def knows_nodes():
    session.post_session_stats()
    session.wait_for_alert(100)
    return any(alert.values["dht.dht_nodes"] > 0 for alert in session.pop_alerts() if isinstance(alert, lt.session_stats_alert))


# A search without nodes finds nobody, and the next one is minutes away.
while running and options.dht_node is not None and not knows_nodes():
    pass


def add(source):
    wanted = lt.parse_magnet_uri(source) if source.startswith("magnet:") else lt.add_torrent_params()
    if not source.startswith("magnet:"):
        wanted.ti = lt.torrent_info(source)
    wanted.save_path = options.folder
    # Not managed by libtorrent's queue: all are at work at once.
    wanted.flags = lt.torrent_flags.update_subscribe
    return session.add_torrent(wanted)


handles = [add(source) for source in options.torrent]
for address in options.peer:
    host, _, port = address.rpartition(":")
    for handle in handles:
        handle.connect_peer((host, int(port)))

while running:
    for alert in session.pop_alerts():
        print(json.dumps({"alert": alert.what(), "text": alert.message()}), flush=True)
    now = time.monotonic()
    statuses = [handle.status() for handle in handles]
    print(json.dumps({
        "state": "+".join(sorted({str(status.state) for status in statuses})),
        "progress": sum(status.progress for status in statuses) / len(statuses),
        "known": sum(status.has_metadata for status in statuses),
        "peers": sum(status.num_peers for status in statuses),
        "uploaded": sum(status.total_payload_upload for status in statuses),
        "downloaded": sum(status.total_payload_download for status in statuses),
        "seconds": now,
        "error": next((status.errc.message() for status in statuses if status.errc.value()), None),
    }), flush=True)
    time.sleep(0.2)
