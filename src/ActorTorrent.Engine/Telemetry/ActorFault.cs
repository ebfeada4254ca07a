namespace ActorTorrent.Engine.Telemetry;

/// <summary>An exception that left an actor.</summary>
/// <param name="At">When its supervisor had decided.</param>
/// <param name="Cause">The exception in a sentence.</param>
public sealed record ActorFault(DateTimeOffset At, string Cause)
{
    /// <summary>Describes an exception: a peer's fault by its own words, any other by its type too.</summary>
    internal static ActorFault Of(Exception cause)
        => new(DateTimeOffset.UtcNow, cause is Faults.PeerFaultException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}");
}
