namespace ActorTorrent.Engine.Probing;

/// <summary>The names of outcomes as machines read them.</summary>
public static class ProbeOutcomeNames
{
    /// <summary>The outcome in lower case with underscores, as in <c>handshake_timeout</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such outcome.</exception>
    public static string ToToken(this ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Ok => "ok",
        ProbeOutcome.Refused => "refused",
        ProbeOutcome.Unreachable => "unreachable",
        ProbeOutcome.ConnectTimeout => "connect_timeout",
        ProbeOutcome.HandshakeTimeout => "handshake_timeout",
        ProbeOutcome.Closed => "closed",
        ProbeOutcome.Reset => "reset",
        ProbeOutcome.WrongProtocol => "wrong_protocol",
        ProbeOutcome.WrongInfoHash => "wrong_info_hash",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There is no such outcome."),
    };
}
