namespace ActorTorrent.Cli.Remote;

/// <summary>A line of <see cref="TopView"/>.</summary>
/// <param name="Text">The line, no wider than there is room.</param>
/// <param name="Tone">How it looks.</param>
internal readonly record struct TopLine(string Text, TopTone Tone = TopTone.Plain);
