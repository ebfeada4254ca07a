namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.listen</c> section of the HOCON files sets.</summary>
public sealed record ListenOptions
{
    /// <summary>Port for incoming peers; 0 takes any free one.</summary>
    public int Port { get; init; } = 6881;

    /// <summary>Whether any free port is taken when the wanted one is not to be had.</summary>
    public bool AnyPortIfTaken { get; init; } = true;

    /// <summary>Connections that the system holds for us until we take them.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>Incoming connections whose handshake is being read; more are closed at once.</summary>
    public int MaxPending { get; init; } = 200;

    /// <summary>Of these, how many may come from one address.</summary>
    public int MaxPendingPerAddress { get; init; } = 100;
}
