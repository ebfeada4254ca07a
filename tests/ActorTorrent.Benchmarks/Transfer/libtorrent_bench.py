"""
Seeds or fetches one torrent with libtorrent on loopback, with its default settings but for what loopback needs. Prints a JSON
line when it is ready to serve, one when all has come, and ends then (fetching) or when its standard input is closed.
"""
import argparse
import json
import os
import resource
import select
import sys
import time

import libtorrent as lt

parser = argparse.ArgumentParser()
parser.add_argument("--torrent", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--peer", action="append", default=[], help="HOST:PORT to connect to")
parser.add_argument("--seed", action="store_true", help="the content is there; serve it")
parser.add_argument("--peers", type=int, default=200, help="connections at most")
parser.add_argument("--tick", type=int, default=500, help="ms between libtorrent's rounds, in which it dials; 500 is its own")
options = parser.parse_args()


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


session = lt.session({
    "listen_interfaces": f"127.0.0.1:{options.port}",
    "outgoing_interfaces": "127.0.0.1",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "connection_speed": 1000,
    "connections_limit": options.peers * 2 + 50,
    "max_peerlist_size": options.peers * 2 + 50,
    "listen_queue_size": 512,
    "smooth_connects": False,
    "tick_interval": options.tick,
    "min_reconnect_time": 1,
    "out_enc_policy": 2,
    "in_enc_policy": 1,
    "allowed_enc_level": 3,
    "prefer_rc4": False,
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.status_notification,
})


def dial(peer):
    host, port = peer.rsplit(":", 1)
    handle.connect_peer((host, int(port)))


parameters = {
    "ti": lt.torrent_info(options.torrent),
    "save_path": options.folder,
    # Not paused, not managed by the queue.
    "flags": lt.torrent_flags.update_subscribe,
}
handle = session.add_torrent(parameters)
if not options.seed:
    for address in options.peer:
        dial(address)
    say("started")

is_ready = False
while True:
    session.wait_for_alert(50)
    for alert in session.pop_alerts():
        kind = alert.what()
        if kind == "torrent_finished" and not options.seed:
            say("complete", cpu=cpu(), downloaded=handle.status().total_payload_download)
            del handle
            del session
            sys.exit(0)
        if kind == "torrent_checked" and options.seed and not is_ready:
            if not handle.status().is_seeding:
                say("error", text="the content is not all there")
                os._exit(1)
            is_ready = True
            for address in options.peer:
                dial(address)
            say("ready", version=lt.__version__)
        if kind in ("file_error", "torrent_error", "listen_failed", "hash_failed", "peer_ban"):
            say("error", text=alert.message())
            if kind != "hash_failed":
                os._exit(1)
    # A line on standard input: HOST:PORT dials it. Its end is the end.
    if select.select([sys.stdin], [], [], 0)[0]:
        line = sys.stdin.readline()
        if not line:
            break
        if line.strip():
            dial(line.strip())
