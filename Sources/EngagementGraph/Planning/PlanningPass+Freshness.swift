internal import Engagement
internal import GraphQL

/// How fresh the numbers of each field have to be: what stands nearest above them counts, and nothing of what stands above
/// that.
extension PlanningPass {
    /// The demand on a field, or on the operation if `field` is nil; `above` if it makes none. What is wrong with it becomes an
    /// error at its place.
    mutating func freshness(
        of field: SelectedField?,
        else above: FreshnessDemand,
        _ path: [GraphQLError.PathSegment]
    ) -> FreshnessDemand {
        do throws(PlanningError) {
            return try fresh.demand(on: field) ?? above
        } catch {
            let locations = field.map(operation.locations) ?? [operation.location]
            errors.append(GraphQLError(error, locations: locations, path: path.isEmpty ? nil : path))
            return above
        }
    }

    /// The demand on the rows of a field. A row is looked up as a whole, so a demand on one of its numbers is one on all of
    /// them; of several the strictest counts.
    mutating func freshness(
        ofRowsOf index: Int,
        else above: FreshnessDemand,
        _ path: [GraphQLError.PathSegment]
    ) -> FreshnessDemand {
        guard fresh.isPossible else { return above }
        let field = operation[index]
        var demand = freshness(of: field, else: above, path)
        for child in operation.children(of: field) where operation[child].role == .resolved {
            let path = path + [.key(operation.responseKey(of: operation[child]))]
            demand = demand.strictest(with: freshness(of: operation[child], else: demand, path))
        }
        return demand
    }
}

extension Operation {
    /// Where it stands in its document.
    fileprivate var location: SourceLocation {
        let definition = document.operations.first { $0.name.map(document.text(of:)) == name }
        return document.location(ofByte: definition?.offset ?? 0)
    }
}
