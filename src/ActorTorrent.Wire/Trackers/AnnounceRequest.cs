using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Wire.Trackers;

/// <summary>What a client tells a tracker (BEP 3, BEP 15).</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="PeerId">The client.</param>
/// <param name="Port">The TCP port it listens on.</param>
/// <param name="Uploaded">Bytes sent since it started.</param>
/// <param name="Downloaded">Bytes received since it started.</param>
/// <param name="Left">Bytes it still lacks; 0 makes it a seeder.</param>
/// <param name="Event">Why it asks.</param>
/// <param name="NumWant">How many peers it would like; −1 leaves that to the tracker.</param>
/// <param name="Key">A secret that tells it from others should its address change.</param>
/// <param name="TrackerId">What the tracker asked to be given back, if it did.</param>
public sealed record AnnounceRequest(
    InfoHash InfoHash,
    PeerId PeerId,
    ushort Port,
    long Uploaded,
    long Downloaded,
    long Left,
    AnnounceEvent Event,
    int NumWant,
    uint Key,
    string? TrackerId = null);
