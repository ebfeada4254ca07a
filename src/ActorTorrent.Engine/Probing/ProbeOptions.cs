namespace ActorTorrent.Engine.Probing;

/// <summary>How long a probe waits and how many run at once.</summary>
public sealed record ProbeOptions
{
    /// <summary>From the start of the connect until the connection must stand.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the moment the connection stands until all 68 bytes must be there, however they drip.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many peers are probed at once; null: all of them, as far as the limit of open files allows.</summary>
    public int? Concurrency { get; init; }
}
