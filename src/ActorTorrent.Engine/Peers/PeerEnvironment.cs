using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>What all peers of a torrent share; nothing in it changes.</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="OwnId">Our peer id.</param>
/// <param name="Layout">Pieces and blocks.</param>
/// <param name="Options">Limits and deadlines.</param>
/// <param name="Storage">Where blocks go to and come from.</param>
/// <param name="Slabs">Receive memory.</param>
/// <param name="ListenPort">The port that others reach us on; 0 when there is none.</param>
/// <param name="Time">The clock.</param>
internal sealed record PeerEnvironment(
    InfoHash InfoHash,
    PeerId OwnId,
    FileLayout Layout,
    PeerOptions Options,
    IActorRef Storage,
    SlabPool Slabs,
    int ListenPort,
    TimeProvider Time)
{
    /// <summary>Who shares out the bandwidth; nobody for no limits.</summary>
    public IActorRef Bandwidth { get; init; } = ActorRefs.Nobody;

    /// <summary>What we announce in the handshake's reserved bytes.</summary>
    public const PeerCapabilities Capabilities = PeerCapabilities.Fast | PeerCapabilities.Extended;

    /// <summary>What a peer's messages are held against.</summary>
    public PeerMessageLimits Limits { get; } = new(Layout.PieceCount, Options.MaxMessageBytes);
}
