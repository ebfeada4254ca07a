namespace ActorTorrent.Cli.Remote;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Head">What stands above it.</param>
/// <param name="IsNumber">Whether its cells stand at the right.</param>
/// <param name="Shrinks">Whether its cells are cut where there is too little room; columns at the right are cut first.</param>
internal readonly record struct TextColumn(string Head, bool IsNumber = false, bool Shrinks = false);
