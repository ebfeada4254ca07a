namespace ActorTorrent.Engine.Resume;

/// <summary>Resume data cannot be used; the message says why.</summary>
public sealed class ResumeFormatException(string message, Exception? cause = null) : Exception(message, cause);
