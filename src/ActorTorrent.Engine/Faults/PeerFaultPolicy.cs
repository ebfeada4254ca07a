using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Faults;

/// <summary>
/// The table that turns a fault into a decision. Transient failures are tried again after a delay that doubles and
/// varies by chance; violations end the connection and, repeated, ban the address; proven corruption bans at once.
/// </summary>
public sealed class PeerFaultPolicy(FaultOptions options, Random random)
{
    /// <summary>The kind of answer that a cause gets before history and direction are looked at.</summary>
    public static FaultAction ActionFor(FaultCause cause) => cause switch
    {
        FaultCause.Refused or FaultCause.Unreachable or FaultCause.ConnectTimeout or FaultCause.HandshakeTimeout
            or FaultCause.Closed or FaultCause.Reset or FaultCause.Idle or FaultCause.SendTimeout
            or FaultCause.MetadataTimeout => FaultAction.Restart,
        FaultCause.Snubbed => FaultAction.Resume,
        FaultCause.HashFailure or FaultCause.MetadataMismatch => FaultAction.Ban,
        FaultCause.InternalError => FaultAction.Restart,
        _ => FaultAction.Stop,
    };

    /// <summary>True for what no correct client does: it counts towards a ban.</summary>
    public static bool IsViolation(FaultCause cause) => cause is FaultCause.OversizedMessage or FaultCause.MalformedMessage
        or FaultCause.BadBitfield or FaultCause.IndexOutOfRange or FaultCause.UnexpectedMessage or FaultCause.Flood or FaultCause.MetadataSize;

    /// <summary>Decides about a fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="history">What is remembered of the address.</param>
    public FaultDecision Decide(PeerFault fault, PeerFaultHistory history)
    {
        var action = ActionFor(fault.Cause);
        if (IsViolation(fault.Cause) && history.Violations + 1 >= options.ViolationsBeforeBan)
            return new(FaultAction.Ban, TimeSpan.Zero, $"{history.Violations + 1} protocol violations");
        if (action != FaultAction.Restart)
            return new(action, TimeSpan.Zero, Reason(action));
        if (fault.Direction == PeerDirection.Incoming)
            return new(FaultAction.Stop, TimeSpan.Zero, "it dialled us: coming back is up to it");
        if (history.Failures + 1 >= options.MaxRetries)
            return new(FaultAction.Stop, TimeSpan.Zero, $"given up after {history.Failures + 1} failures in a row");
        return options.Policy switch
        {
            SupervisionPolicy.Never => new(FaultAction.Stop, TimeSpan.Zero, "nobody is restarted (faults.policy)"),
            SupervisionPolicy.AtOnce => new(FaultAction.Restart, TimeSpan.Zero, $"failure {history.Failures + 1} in a row, without delay (faults.policy)"),
            SupervisionPolicy.AllForOne => new(
                FaultAction.Restart, DelayAfter(history.Failures), $"failure {history.Failures + 1} in a row, all peers with it (faults.policy)"),
            _ => new(FaultAction.Restart, DelayAfter(history.Failures), $"failure {history.Failures + 1} in a row"),
        };
    }

    private TimeSpan DelayAfter(int failures)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(failures, 30));
        var capped = doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay;
        return capped * (1 + (options.Jitter * ((random.NextDouble() * 2) - 1)));
    }

    private static string Reason(FaultAction action) => action switch
    {
        FaultAction.Resume => "its blocks go to others, it may go on",
        FaultAction.Ban => "proven",
        _ => "another try cannot end differently",
    };
}
