using System.Diagnostics.Metrics;
using System.Globalization;

namespace ActorTorrent.Engine.Tests.Telemetry;

/// <summary>Reads one meter's instruments: values by name and attributes; of a histogram how many values it got.</summary>
internal sealed class MetricsReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _values = [];
    private readonly Dictionary<string, double> _counts = [];

    public MetricsReader(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter)
                return;
            Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public IReadOnlyDictionary<string, double> Read()
    {
        lock (_gate)
            _values.Clear();
        _listener.RecordObservableInstruments();
        lock (_gate)
            return _values.Concat(_counts).ToDictionary();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var attributes = string.Join(',', tags.ToArray().Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key}={t.Value}")));
        var key = attributes.Length == 0 ? instrument.Name : $"{instrument.Name}{{{attributes}}}";
        lock (_gate)
        {
            if (instrument.IsObservable)
                _values[key] = value;
            else
                _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }
}
