namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>One case of the suite: what a peer, a tracker or the disk does, and what must come of it.</summary>
/// <param name="Number">Its number in the list of cases.</param>
/// <param name="Name">What is done.</param>
/// <param name="Expected">What the journal holds of whoever is guilty; the first is meant where the script says nothing else. None: no fault at all.</param>
/// <param name="Held">What else is checked.</param>
/// <param name="Play">The script.</param>
internal sealed record HostileCase(int Number, string Name, Expected[] Expected, string Held, Func<HostileStage, Task> Play)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Number:00} {Name}");
}
