namespace ActorTorrent.Engine.Filtering;

/// <summary>A list of addresses cannot be used: unreadable, or none of its lines is a range.</summary>
/// <param name="message">What is wrong, with the file's name.</param>
/// <param name="inner">What the system said, if it was the system.</param>
public sealed class IpFilterException(string message, Exception? inner = null) : Exception(message, inner);
