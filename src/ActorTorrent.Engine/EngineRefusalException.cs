namespace ActorTorrent.Engine;

/// <summary>The engine will not do what it was asked; the message says why and what helps.</summary>
/// <param name="reason">Why.</param>
public sealed class EngineRefusalException(string reason) : Exception(reason);
