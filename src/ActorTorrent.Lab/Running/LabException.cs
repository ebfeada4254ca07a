namespace ActorTorrent.Lab.Running;

/// <summary>A run cannot be made or went wrong for a reason that is not the engine's; the message says which and what mends it.</summary>
/// <param name="message">For the user.</param>
public sealed class LabException(string message) : Exception(message);
