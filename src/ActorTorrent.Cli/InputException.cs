namespace ActorTorrent.Cli;

/// <summary>An argument or a file cannot be used; the message names it, the place and the mend.</summary>
/// <param name="message">For the user.</param>
internal sealed class InputException(string message) : Exception(message);
