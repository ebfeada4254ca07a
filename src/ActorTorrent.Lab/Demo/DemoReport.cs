namespace ActorTorrent.Lab.Demo;

/// <summary>What a demo came to.</summary>
/// <param name="Checks">Its promises.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record DemoReport(IReadOnlyList<DemoCheck> Checks, TimeSpan Elapsed)
{
    /// <summary>Whether every promise was kept.</summary>
    public bool Passed => Checks.All(static check => check.Passed);
}
