namespace ActorTorrent.Lab.Reports;

/// <summary>A scenario as it was run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Text">Its file.</param>
public sealed record ScenarioText(string Name, string Description, string Text);
