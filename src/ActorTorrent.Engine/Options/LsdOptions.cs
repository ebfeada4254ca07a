using ActorTorrent.Wire.Discovery;

namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.lsd</c> section of the HOCON files sets: finding peers in the local network (BEP 14).</summary>
public sealed record LsdOptions
{
    /// <summary>Whether they are looked for at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where.</summary>
    public LsdInterfaces Interfaces { get; init; } = LsdInterfaces.All;

    /// <summary>The port of the groups; others use 6771.</summary>
    public int Port { get; init; } = LsdMessage.DefaultPort;

    /// <summary>How often a torrent is announced.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time between two messages of ours.</summary>
    public TimeSpan MessageInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long torrents that start together are gathered for one message.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Messages of one address that are read in a minute; more are a flood and ignored.</summary>
    public int MaxMessagesPerMinute { get; init; } = 30;

    /// <summary>Addresses that are heard in a minute; others wait for the next.</summary>
    public int MaxAddresses { get; init; } = 256;
}
