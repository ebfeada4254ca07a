namespace ActorTorrent.Engine.Options;

/// <summary>The HOCON files hold something that cannot be used. The message names key, file and allowed range.</summary>
/// <param name="message">One line a fault.</param>
public sealed class SettingsException(string message) : Exception(message);
