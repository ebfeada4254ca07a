namespace ActorTorrent.Engine.Coordination;

/// <summary>What becomes of a peer that dials us.</summary>
/// <param name="Reason">Why it is refused; null when it is let in.</param>
/// <param name="Evicted">Who makes room for it; null when nobody has to.</param>
internal readonly record struct Admission(string? Reason, PeerRecord? Evicted)
{
    /// <summary>It is let in.</summary>
    public static Admission Welcome => default;

    /// <summary>Whether it is let in.</summary>
    public bool IsWelcome => Reason is null;

    /// <summary>It is turned away.</summary>
    public static Admission Refuse(string reason) => new(reason, null);

    /// <summary>It is let in once another has left.</summary>
    public static Admission InPlaceOf(PeerRecord evicted) => new(null, evicted);
}
