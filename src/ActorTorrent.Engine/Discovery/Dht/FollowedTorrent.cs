using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>A torrent whose peers are looked for again and again.</summary>
internal sealed class FollowedTorrent(InfoHash infoHash, IActorRef coordinator, TimeSpan now)
{
    /// <summary>The torrent.</summary>
    public InfoHash InfoHash { get; } = infoHash;

    /// <summary>Who is told.</summary>
    public IActorRef Coordinator { get; } = coordinator;

    /// <summary>When it is looked for next.</summary>
    public TimeSpan NextAt { get; set; } = now;

    /// <summary>The last pause after nobody was found.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>Lookups under way, one a family.</summary>
    public int Running { get; set; }

    /// <summary>Whether the lookups of this round found anybody else.</summary>
    public bool HasFound { get; set; }
}
