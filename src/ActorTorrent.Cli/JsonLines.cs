using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ActorTorrent.Cli;

/// <summary>Writes a line of JSON an event: an object whose first property, <c>event</c>, names it.</summary>
internal sealed class JsonLines(TextWriter output)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Writes one line, at once.</summary>
    /// <param name="name">The event.</param>
    /// <param name="write">Adds the other properties.</param>
    public void Write(string name, Action<Utf8JsonWriter> write)
    {
        _buffer.Clear();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            write(json);
            json.WriteEndObject();
        }
        output.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan) + "\n");
        output.Flush();
    }
}
