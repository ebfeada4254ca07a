namespace ActorTorrent.Engine.Coordination;

/// <summary>Whom a seed uploads to.</summary>
public enum SeedChoking
{
    /// <summary>Those that take fastest: the data is soon with those that can pass it on.</summary>
    Fastest,

    /// <summary>Everyone in turn, whoever has waited longest first.</summary>
    RoundRobin,
}
