using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>What the journal must hold of one address.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Action">The directive.</param>
/// <param name="Least">How many entries at least.</param>
/// <param name="Most">How many entries at most.</param>
internal sealed record Expected(FaultCause Cause, FaultAction Action, int Least = 1, int Most = 1)
{
    /// <inheritdoc/>
    public override string ToString() => $"{FaultNames.Of(Cause)} → {FaultNames.Of(Action)}";
}
