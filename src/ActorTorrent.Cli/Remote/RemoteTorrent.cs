using System.Text.Json;

namespace ActorTorrent.Cli.Remote;

/// <summary>A torrent that the service is to add.</summary>
internal sealed record RemoteTorrent
{
    /// <summary>The torrent file; null for a magnet link.</summary>
    public ReadOnlyMemory<byte>? File { get; init; }

    /// <summary>The magnet link; null for a torrent file.</summary>
    public string? Magnet { get; init; }

    /// <summary>Where its files go, absolute; null for where the service puts them.</summary>
    public string? Folder { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether it starts stopped; null for what the service does.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>Writes it as the API reads it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (File is { } file)
            json.WriteBase64String("torrent", file.Span);
        else
            json.WriteString("magnet", Magnet);
        if (Folder is not null)
            json.WriteString("folder", Folder);
        if (IsPaused is { } paused)
            json.WriteBoolean("paused", paused);
        if (Labels.Count > 0)
        {
            json.WriteStartArray("labels");
            foreach (var label in Labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
