using System.Globalization;
using SampleCluster.Objects;
using SampleCluster.Selectors;

namespace SampleCluster.Api;

/// <summary>The query of a list or a watch, read and checked.</summary>
internal sealed record ListRequest(ResourceType Type, ListSelector Selector, AnswerForm Form, string IncludeObject, IQueryCollection Query)
{
    public bool Watch => Flag("watch");

    /// <summary>0 for no limit.</summary>
    public int Limit => (int)Math.Clamp(Number("limit") ?? 0, 0, int.MaxValue);

    public long? Number(string name) =>
        long.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    public bool Flag(string name) => Query[name].ToString() is "true" or "1";

    /// <summary>Reads the query; the error when it cannot be served.</summary>
    public static ApiStatus? Read(HttpRequest request, ResourcePath path, out ListRequest list)
    {
        var query = request.Query;
        list = null!;
        if (Accept.Form(request) is var form && form == AnswerForm.None)
            return ApiStatus.NotAcceptable;
        if (!LabelSelector.TryParse(query["labelSelector"], out var labels, out var fault))
            return ApiStatus.BadRequest(fault);
        if (!FieldSelector.TryParse(query["fieldSelector"], path.Type, out var fields, out fault))
            return ApiStatus.BadRequest(fault);
        var include = query["includeObject"].ToString();
        list = new ListRequest(path.Type, new ListSelector(path.Namespace, labels, fields), form, include, query);
        return null;
    }
}
