namespace ActorTorrent.Lab.Scenarios;

/// <summary>A scenario cannot be used; the message names the file, the place in it and what is allowed there, a line a fault.</summary>
/// <param name="message">For the user.</param>
public sealed class ScenarioException(string message) : Exception(message);
